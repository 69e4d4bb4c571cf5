"""Assets, checks, jobs and sensors, in this process."""
