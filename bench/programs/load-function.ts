// Loads a function as Lambda does when it starts one, and prints what that took.
const [, , file = ''] = process.argv;
const before = process.memoryUsage().rss;
const from = process.cpuUsage();
require(file);
const { user, system } = process.cpuUsage(from);
const loadedMib = (process.memoryUsage().rss - before) / 2 ** 20;
console.log(JSON.stringify({ loadCpuMs: (user + system) / 1e3, loadedMib }));
