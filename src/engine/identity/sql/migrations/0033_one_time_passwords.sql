-- Until when a password that somebody else set lets its owner in, to set her own; null: it is her own.
ALTER TABLE identity_account ADD COLUMN password_until INTEGER;
