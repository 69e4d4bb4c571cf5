"""The providers' batch APIs behind one protocol. Vendors' words stay in here; no SDK is imported until used."""
