"""Other rating libraries on the same data.

Left out: crowd-kit, whose Bradley-Terry knows no ties and gives no interval.
"""
