-- AlterTable
ALTER TABLE "SigningKey" ADD COLUMN "activatedAt" DATETIME;
ALTER TABLE "SigningKey" ADD COLUMN "tokenTtl" INTEGER NOT NULL DEFAULT 0;

UPDATE "SigningKey" SET "activatedAt" = "createdAt" WHERE "state" = 'active';
