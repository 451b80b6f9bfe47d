"""The word that a worker is to end reaches the processes of its pool."""

import multiprocessing

from workers.ending import Ending


def wait_for_the_word(ending, ready, heard):
    ready.set()
    while not ending.is_set():
        pass
    heard.set()


def test_a_forked_process_hears_the_word_that_comes_after_its_fork():
    forked = multiprocessing.get_context("fork")
    ending, ready, heard = Ending(), forked.Event(), forked.Event()
    child = forked.Process(target=wait_for_the_word, args=(ending, ready, heard), daemon=True)
    child.start()
    assert ready.wait(10)
    assert not heard.wait(0.1)

    ending.set()

    assert heard.wait(10)
    child.join(10)
