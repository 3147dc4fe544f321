package db

// NewMigrations is for tests that go back.
var NewMigrations = newMigrations
