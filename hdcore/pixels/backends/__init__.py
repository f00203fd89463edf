"""What encodes and decodes frames: one module per package, each with the same names.

``PACKAGE`` is what to install, ``DECODES`` and ``ENCODES`` are transfer syntaxes, ``RELEASES_LOCK`` says whether worker
threads help, ``is_available()`` whether the package is there, ``decode(data, frame, to_rgb)`` gives the samples with
the colour space they are in, and ``encode(array, frame, options)`` the bytes.
"""
