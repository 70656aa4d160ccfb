#!/usr/bin/env bash
# A team's first day with an organization of 50 projects. Run it in an empty folder:
#
#     first_day.sh          all steps
#     first_day.sh drift    one step
#
# README.md says what each step shows. It needs OPENAI_ADMIN_KEY, OPENAI_BASE_URL and the settings of Pulumi.
set -euo pipefail
example=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$PWD
steps=(adopt take_over team_projects people keys changes drift restore offboard rotate search)

# Write a program for what exists. The people are in people.json (see the step `people`).
adopt() {
    pulumi-openai-admin adopt --all --exclude kind:OrganizationUser --out organization
    cd organization
    [ -e .venv ] || pulumi install
}

# Import it into a stack. The preview fails if it shows a change.
take_over() {
    cd organization
    pulumi stack init production
    PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true \
        pulumi import --file import.json --generate-code=false --yes
    pulumi preview --expect-no-changes
}

# Two projects become TeamProjects, with the values that they have.
team_projects() {
    cp "$example/program/shop.py" "$example/program/search.py" organization/projects/
    cd organization
    pulumi preview --json --show-sames >../preview.json
    pulumi-openai-admin plan ../preview.json --html ../plan.html
    pulumi up --yes
}

# The program of the guide "A person joins, a person leaves", with the people of this organization.
people() {
    cp "$example/../people/__main__.py" organization/people.py
    cp "$example/program/people.json" organization/
    cd organization
    echo 'import people  # noqa: F401 - who is in the organization' >>__main__.py
    pulumi up --yes
}

# A key for each of the two teams goes into the store.
keys() {
    cp "$example/store.sh" .
    cp "$example/program/keys.py" organization/
    cd organization
    echo 'import keys  # noqa: F401 - the keys of two teams' >>__main__.py
    pulumi up --yes
}

# What somebody changes without Pulumi: a limit, a name, who is in a project, and a role.
changes() {
    change POST proj_02/rate_limits/rl-gpt-4o '{"max_requests_per_1_minute": 999}'
    change POST proj_03 '{"name": "Search 2"}'
    change DELETE proj_04/users/user-donald
    change POST proj_05/users/user-frances '{"role": "owner"}'
}

change() {
    curl -sSf -o /dev/null -X "$1" "$OPENAI_BASE_URL/organization/projects/$2" -H @- \
        ${3:+-H 'Content-Type: application/json' -d "$3"} <<<"Authorization: Bearer $OPENAI_ADMIN_KEY"
}

# What differs, and who changed it: as a table, and as a page. The exit code is 3.
drift() {
    cd organization
    local code=0
    pulumi-openai-admin drift || code=$?
    echo "drift ended with exit code $code"
    [ "$code" = 3 ]
    pulumi-openai-admin drift --html ../drift.html || [ $? = 3 ]
}

# Restore the values of the program.
restore() {
    cd organization
    pulumi up --refresh --yes
}

# Grace leaves: out of the program, and with that out of the organization, its groups and projects.
offboard() {
    cd organization
    python "$example/person_leaves.py" grace@example.com user-grace
    pulumi up --yes
    ! pulumi-openai-admin members --user grace@example.com
}

# Grace could read the keys of both teams, so they are replaced.
rotate() {
    cd organization
    pulumi config set rotate "grace has left"
    pulumi up --yes
    pulumi preview --expect-no-changes
}

# No file but those of the store has a key that was delivered, not even the state with all its secrets shown.
search() {
    (cd organization && pulumi stack export --show-secrets --file ../exported.json)
    local key
    for key in store/*/*; do
        if grep -rlF --exclude-dir=store -f "$key" .; then
            echo "These files have the key of $key."
            return 1
        fi
    done
    echo "No file has one of the $(ls store/*/* | wc -l) keys that were delivered."
}

for step in "${@:-${steps[@]}}"; do
    printf '\n== %s\n' "$step"
    cd "$folder"
    "$step"
done
