"""The dynamic provider: the pickled class, and the adapter to its host.

It does not use `pulumi.provider.experimental`: see `hosts/native/servicer.py`. What Pulumi's host of dynamic providers
lacks is added in `host.py`, each part only if the host is as expected.
"""
