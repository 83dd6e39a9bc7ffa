#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `koogate needs Node 22.18 or newer; this is ${process.versions.node}. Inside the project, "npx koogate" brings its own.\n` +
      `koogate 需要 Node 22.18 或更高版本；当前为 ${process.versions.node}。在项目内请使用 "npx koogate"。`,
  );
  process.exit(2);
}
const { koogate } = await import('./koogate.ts');
await koogate(process.argv.slice(2));
