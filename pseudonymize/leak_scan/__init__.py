"""Searches everything that is kept for the identities in the vault, and says where, never whom.

digests      what is looked for: 8-byte keyed digests, and filters of the words that they are made of
places       where it is looked for: files and databases
containers   what stands inside a file: tables, columns, packed parts, as blocks of bytes
decoders     what stands inside a block in another encoding
candidates   what in a block may be somebody's address, id or name
search       all of that for one file, in a process of its own
scan         all of that for all places, and the report
"""
