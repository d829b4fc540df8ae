-- AlterTable
ALTER TABLE "OutboxMail" ADD COLUMN "language" TEXT;

-- CreateTable
CREATE TABLE "MaintenanceRun" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "startedAt" DATETIME NOT NULL,
    "finishedAt" DATETIME
);
