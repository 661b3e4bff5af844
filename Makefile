# Developer shortcuts; users need only ./run and ./test.
LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --quiet

.PHONY: lock
lock:
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt
	$(LOCK) benchmarks/reading/peers.in --output-file benchmarks/reading/peers.txt
	$(LOCK) benchmarks/feeds/radicale.in --output-file benchmarks/feeds/radicale.txt
	$(LOCK) tests/clients/parsers.in --output-file tests/clients/parsers.txt
