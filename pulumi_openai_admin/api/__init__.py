"""How OpenAI is spoken to. Knows nothing of Pulumi.

One requestor owns the address, the key, retries, pace and errors (`requestor`);
above it stand the shapes that the Administration API's endpoints come in
(`row`, `collection`, `keyed`).
"""
