-- CreateTable
CREATE TABLE "KeyRing" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "sealed" BLOB NOT NULL,
    "changedAt" DATETIME NOT NULL
);
