-- AlterTable
ALTER TABLE "OneTimeToken" ADD COLUMN "email" TEXT;
ALTER TABLE "OneTimeToken" ADD COLUMN "sessionId" TEXT;

-- CreateIndex
CREATE INDEX "AuditEvent_actor_seq_idx" ON "AuditEvent"("actor", "seq");
