"""Two workers on one PostgreSQL, killed at random: what is lost and what is paid twice, counted from outside."""
