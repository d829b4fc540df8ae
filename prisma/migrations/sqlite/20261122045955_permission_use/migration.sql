-- CreateTable
CREATE TABLE "PermissionUse" (
    "userId" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "lastUsedAt" DATETIME NOT NULL,

    PRIMARY KEY ("userId", "permission"),
    CONSTRAINT "PermissionUse_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AccessReview" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "reviewerId" TEXT NOT NULL,
    "subjectId" TEXT,
    "decision" TEXT NOT NULL,
    "note" TEXT,
    CONSTRAINT "AccessReview_subjectId_fkey" FOREIGN KEY ("subjectId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "AccessReview_subjectId_at_idx" ON "AccessReview"("subjectId", "at");
