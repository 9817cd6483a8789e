"""What a person is given of what is kept of them: a page to read, data to take along, in one encrypted file.

contents  everything of one person, from every store, in one form
texts     what has to be read by somebody before it goes out, since it may name others
page      the page that a person can read, Swedish or English
archive   the encrypted file
"""
