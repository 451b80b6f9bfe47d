"""`python -m judgeboard.llm.simulator`."""

from .command import main

raise SystemExit(main())
