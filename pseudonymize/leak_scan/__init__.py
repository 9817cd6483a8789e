"""Searches everything that is kept for the identities in the vault, and says where, never whom.

identifiers  what identifies a person, and the forms in which it is compared
digests      what is looked for: 8-byte keyed digests, and filters of the words that they are made of
places       where it is looked for: files and databases
containers   what stands inside a file, as blocks of bytes: packed parts, tables (tables, servers)
decoders     what stands inside a block in another encoding (digits: Base64, hexadecimal)
candidates   what in a block may be somebody's address (addresses), id or name (words)
search       all of that for one file, in a process of its own
scan         all of that for all places; findings, report: what is told of it
"""
