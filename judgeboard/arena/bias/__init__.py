"""What a judge looks at besides the answers' worth: their order, their length, their family, the day it is asked."""
