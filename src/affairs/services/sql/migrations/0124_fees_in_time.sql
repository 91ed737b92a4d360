-- Until when a fee is to be paid that the process of its case waits for; none: it says no day.
ALTER TABLE service_fee ADD COLUMN pay_by TEXT;
