-- The persons of one use in their order: a delivery has many.
CREATE INDEX exchange_usage_person_usage ON exchange_usage_person (usage, person);
