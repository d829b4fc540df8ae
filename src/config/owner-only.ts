/**
 * The umask of every process of ours: SQLite makes its files, and their copies, as open as the umask
 * lets it, and DATA_DIR may be a folder that others can read.
 */
export const OWNER_ONLY = 0o077;
