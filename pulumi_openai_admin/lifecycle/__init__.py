"""What the verbs of a provider have in common, whatever host serves them.

Most functions have the same parameters: the `resource` (its declaration, handler and rules), the `host` that serves the
call, the Pulumi id (`id_`), the state (`olds`), and the inputs that the program sets now, as `check` returned them
(`inputs`, `news`). Functions that send requests raise the errors of the handler; what a step did before it failed is
recorded by the host, or undone.
"""
