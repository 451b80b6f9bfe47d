"""How languages write numbers, where we do otherwise than Django. Named by `FORMAT_MODULE_PATH`."""
