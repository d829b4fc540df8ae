-- CreateTable
CREATE TABLE "SuspiciousActivity" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "rule" TEXT NOT NULL,
    "detectedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "body" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" DATETIME NOT NULL,
    "claimedUntil" DATETIME,
    "lastError" TEXT,
    "createdAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "SuspiciousActivity_rule_detectedAt_idx" ON "SuspiciousActivity"("rule", "detectedAt");

-- CreateIndex
CREATE INDEX "SuspiciousActivity_detectedAt_idx" ON "SuspiciousActivity"("detectedAt");

-- CreateIndex
CREATE INDEX "WebhookDelivery_state_nextAttemptAt_idx" ON "WebhookDelivery"("state", "nextAttemptAt");
