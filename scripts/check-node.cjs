/* Says in one sentence when Node is too old. Old syntax on purpose: any Node must be able to read it. */
var wanted = [20, 19, 0];
var found = process.versions.node.split('.').map(Number);
var first = 0;
while (first < 2 && found[first] === wanted[first]) first += 1;
if (found[first] < wanted[first]) {
  console.error(
    'Latchkey needs Node ' + wanted.join('.') + ' or newer; this is ' + process.versions.node + '.',
  );
  process.exit(1);
}
