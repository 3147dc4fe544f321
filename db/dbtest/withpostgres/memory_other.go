//go:build darwin

package main

// useMemory changes nothing: this system has no folder in memory.
func useMemory() error { return nil }
