// Prints "N passed, N failed" from vitest's JSON report; exits 1 if anything failed or no test ran.

import { existsSync, readFileSync } from "node:fs";

const text = existsSync(process.argv[2]) ? readFileSync(process.argv[2], "utf8") : "";
const report = text ? JSON.parse(text) : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] };

// A file that could not even be loaded has no failed test of its own, but is a failure all the same.
const broken = report.testResults.filter((file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"));
for (const file of broken) console.log(`could not run ${file.name}: ${file.message}`);

const failed = report.numFailedTests + broken.length;
const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : "";
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
process.exitCode = failed > 0 || report.numPassedTests === 0 ? 1 : 0;
