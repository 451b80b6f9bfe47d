"""The peers beside us, in one run with us, each in an interpreter of its own: `rating` rates the same boards, `asking`
asks the same judgments.
"""
