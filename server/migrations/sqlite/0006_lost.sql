-- Houses of which this relay was shown that it has lost something.

-- While such a house waits, its life before (16 bytes) and the start of the relay that found it out (16 bytes): what was
-- signed in that life, and not since that start, is taken back. Else null.
alter table houses add column past blob;
