// Runs a program with Node's Automation API: node run.js up|preview|destroy. CONFIG is its configuration.
import { LocalWorkspace } from "@pulumi/pulumi/automation";

async function main(command: string) {
    const program = async () => ({ ...(await import("./index")) });
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "openai", program });
    await stack.setAllConfig(JSON.parse(process.env.CONFIG ?? "{}"));
    if (command === "up") {
        const { summary, outputs } = await stack.up();
        console.log(JSON.stringify({ changes: summary.resourceChanges, outputs }));
    } else if (command === "preview") {
        console.log(JSON.stringify({ changes: (await stack.preview()).changeSummary }));
    } else {
        console.log(JSON.stringify({ changes: (await stack.destroy()).summary.resourceChanges }));
    }
}

main(process.argv[2]).catch((error) => {
    console.error(error);
    process.exit(1);
});
