"""From a request to its response: retries, rate limiter, paging, errors. Knows nothing of Pulumi."""
