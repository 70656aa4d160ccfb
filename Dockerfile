# The emulator of OpenAI's Administration API, for other containers and this machine: docs/emulator.md says how.
FROM python:3.13-slim
COPY . /src
RUN pip install --no-cache-dir '/src[emulator]' && rm -rf /src && useradd emulator && install -d -o emulator /state
USER emulator
ENTRYPOINT ["python", "-m", "pulumi_openai_admin.emulator"]
