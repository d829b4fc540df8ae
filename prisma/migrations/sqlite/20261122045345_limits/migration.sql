-- CreateTable
CREATE TABLE "LimitCount" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "limit" TEXT NOT NULL,
    "account" TEXT,
    "failures" INTEGER NOT NULL,
    "pending" INTEGER NOT NULL,
    "pendingUntil" BIGINT NOT NULL,
    "notBefore" BIGINT NOT NULL,
    "endsAt" BIGINT NOT NULL,
    "told" BOOLEAN NOT NULL
);

-- CreateTable
CREATE TABLE "KnownNetwork" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "expiresAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE INDEX "LimitCount_account_idx" ON "LimitCount"("account");

-- CreateIndex
CREATE INDEX "LimitCount_endsAt_idx" ON "LimitCount"("endsAt");

-- CreateIndex
CREATE INDEX "KnownNetwork_expiresAt_idx" ON "KnownNetwork"("expiresAt");
