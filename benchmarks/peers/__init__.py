"""The peers beside us: other rating libraries on the same data, in one run, each in an interpreter of its own.

Left out: crowd-kit, whose Bradley-Terry knows no ties and gives no interval.
"""
