"""How far raters agree: on the same matches, and in the order in which their boards put the contenders."""
