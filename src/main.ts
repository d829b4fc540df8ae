import { startIsOver } from './start-memory.js';

// Not a static import: all that it loads would be parsed before the flags are set.
const { startServer } = await import('./server.js');
await startServer();
startIsOver();
