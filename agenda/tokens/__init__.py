"""Keys of the API that programs are given."""
