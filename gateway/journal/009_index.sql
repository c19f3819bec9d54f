-- SPDX-License-Identifier: Apache-2.0
-- No query asks for it (an outcome names its intent by number), and it costs a page of log at every entry.
DROP INDEX entry_by_ref;
