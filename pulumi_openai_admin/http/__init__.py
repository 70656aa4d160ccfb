"""From a request to its reply: retries, rate limiter, paging, errors. Knows nothing of Pulumi."""
