#!/usr/bin/env node
// Stands in for the portal: it has its verbs, and records what the launcher does to it, one JSON object per line.
// TEST_PORTAL_RECORD: the file. TEST_PORTAL_FAIL: the verb that fails.
const fs = require('node:fs'), http = require('node:http'), net = require('node:net');
const [verb, ...args] = process.argv.slice(2);
const option = name => args[args.indexOf(name) + 1];
const record = fact => fs.appendFileSync(process.env.TEST_PORTAL_RECORD, JSON.stringify({ verb, ...fact }) + '\n');
const configured = ['ConnectionStrings__Owner', 'ConnectionStrings__Portal', 'ConnectionStrings__System', 'Blobs__ConnectionString', 'Blobs__Container', 'KeyRing__Secret',
  'Portal__PublicUrl', 'Portal__DataFolder', 'ASPNETCORE_ENVIRONMENT'].filter(name => process.env[name]);
record({ event: 'started', args, configured });

if (process.env.TEST_PORTAL_FAIL === verb) {
  console.error('relation "projects" already exists');
  process.exit(3);
}

const answers = port => new Promise(resolve => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

if (verb === 'demo') {
  const accounts = [{ role: 'Administrator', email: 'ada@retail.example', password: 'pass-one' }, { role: 'Viewer', email: 'vic@retail.example', password: 'pass-two' }];
  fs.writeFileSync(option('--output'), JSON.stringify({ url: process.env.Portal__PublicUrl, tenant: 'retail', accounts }), { mode: 0o600 });
} else if (verb === 'bootstrap') {
  console.log(`${option('--email')} is the administrator of ${option('--tenant')}`);
} else if (verb === 'serve') {
  const server = http.createServer((request, response) => {
    if (request.url === '/die') { console.error('out of memory, says the test'); process.exit(9); }
    response.writeHead(request.url === '/health/ready' ? 200 : 404).end();
  });
  server.listen(Number(new URL(option('--urls')).port), 'localhost');
  process.on('SIGTERM', async () => {
    const database = await answers(Number(/Port=(\d+)/.exec(process.env.ConnectionStrings__Portal)[1]));
    const blobs = await answers(Number(/127\.0\.0\.1:(\d+)/.exec(process.env.Blobs__ConnectionString)[1]));
    record({ event: 'SIGTERM', database, blobs });
    process.exit(0);
  });
}
