-- DropIndex
DROP INDEX "AuditEvent_actor_seq_idx";

-- DropIndex
DROP INDEX "AuditEvent_type_seq_idx";

-- DropIndex
DROP INDEX "AuditEvent_subject_seq_idx";

-- AlterTable
ALTER TABLE "AuditEvent" ADD COLUMN "hash" BLOB;
ALTER TABLE "AuditEvent" ADD COLUMN "previousHash" BLOB;

-- CreateTable
CREATE TABLE "AuditCheckpoint" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "seq" INTEGER NOT NULL,
    "hash" BLOB NOT NULL,
    "mac" BLOB NOT NULL
);

-- CreateIndex
CREATE INDEX "AuditEvent_subject_at_idx" ON "AuditEvent"("subject", "at");

-- CreateIndex
CREATE INDEX "AuditEvent_actor_at_idx" ON "AuditEvent"("actor", "at");

-- CreateIndex
CREATE INDEX "AuditEvent_type_at_idx" ON "AuditEvent"("type", "at");

-- CreateIndex
CREATE INDEX "AuditEvent_at_idx" ON "AuditEvent"("at");

-- Against mistakes of our own code and hasty hands. Against whoever can write the file there is the
-- chain itself. A migration that rebuilds the table has to make these again.
CREATE TRIGGER "AuditEvent_follows_the_newest" BEFORE INSERT ON "AuditEvent"
WHEN NEW."hash" IS NULL OR NEW."previousHash" IS NOT coalesce(
  (SELECT "hash" FROM "AuditEvent" ORDER BY "seq" DESC LIMIT 1),
  (SELECT "hash" FROM "AuditCheckpoint"),
  zeroblob(32))
BEGIN
  SELECT RAISE(ABORT, 'a line of the audit trail follows the newest one');
END;

CREATE TRIGGER "AuditEvent_is_never_changed" BEFORE UPDATE ON "AuditEvent"
WHEN OLD."hash" IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a line of the audit trail is never changed');
END;

CREATE TRIGGER "AuditEvent_is_kept" BEFORE DELETE ON "AuditEvent"
WHEN OLD."seq" > coalesce((SELECT "seq" FROM "AuditCheckpoint"), 0)
BEGIN
  SELECT RAISE(ABORT, 'a line of the audit trail is removed behind a checkpoint only');
END;
