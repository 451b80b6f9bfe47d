"""From verdicts to ratings: how strong each contender is, how sure that is, and which ranks it leaves open."""
