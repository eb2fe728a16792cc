/**
 * The JSON contract of the management HTTP interface, as records: what the routes write and the command reads. No
 * secrets, no behaviour, no Akka. Times are ISO 8601 in UTC; octets and packets count from the start of the call.
 */
@NullMarked
package io.warren.management.api;

import org.jspecify.annotations.NullMarked;
