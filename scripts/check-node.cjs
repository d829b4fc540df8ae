/* Says in one sentence when Node is too old. Old syntax on purpose: any Node must be able to read it. */
var wanted = [20, 19, 0];
var version = process.versions.node;
var found = version.split('.').map(Number);
var part = 0;
while (part < 2 && found[part] === wanted[part]) part += 1;
if (found[part] < wanted[part]) {
  console.error('Latchkey needs Node ' + wanted.join('.') + ' or newer; this is ' + version + '.');
  process.exit(1);
}
