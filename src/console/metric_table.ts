/**
 * The table of all metrics: name, type and help text.
 *
 * Units are base units. No label holds a client's name, so the number of series does not grow with
 * the number of clients.
 *
 * @module
 */

import type { MetricFamily, MetricType } from "../wire/prometheus/exposition.ts";

const family = (type: MetricType) => (name: string, help: string): MetricFamily => ({
  name,
  type,
  help,
});
const counter = family("counter");
const gauge = family("gauge");
const histogram = family("histogram");

/** The metrics in the order in which they are written. */
export const METRICS: readonly MetricFamily[] = [
  gauge("pulsebox_build_info", "Always 1; the labels tell the version."),
  gauge("pulsebox_role_up", "1 while the role does its job, else 0."),
  gauge("pulsebox_verdict", "1 for the verdict on the whole host, 0 for the others."),
  gauge("pulsebox_members", "Members by protocol and state."),
  gauge("pulsebox_members_paused", "Members in maintenance of their own."),
  gauge("pulsebox_host_paused", "1 while the whole host is in maintenance."),
  gauge("pulsebox_leases", "Deadlines that are waited for."),
  gauge("pulsebox_loop_lag_seconds", "How late the event loop was at most in the last 15 s."),
  counter("pulsebox_absence_seconds_total", "Time in which the host could not listen."),
  counter("pulsebox_absences_total", "How often the host could not listen for a second or more."),
  gauge("pulsebox_event_listeners", "Open subscriptions to events inside this host."),
  gauge("pulsebox_event_streams", "Pages and programs that listen to the console's events."),
  counter("pulsebox_event_streams_refused_total", "Event streams over the limit."),
  counter("pulsebox_event_streams_dropped_total", "Events that such a listener was too slow for."),
  counter("pulsebox_events_dropped_total", "Events that a listener was too slow for."),
  counter("pulsebox_wrong_tokens_total", "Wrong tokens and passwords, at whichever entrance."),
  gauge("pulsebox_connections", "Open connections of a role's TCP ports."),
  counter("pulsebox_connections_accepted_total", "Connections that a role's TCP ports took."),
  counter("pulsebox_connections_abandoned_total", "Peers that gave up before they were accepted."),
  counter(
    "pulsebox_connections_flooding_total",
    "Peers ended because they sent what nobody asked.",
  ),
  counter("pulsebox_connection_accept_errors_total", "Failures to accept a connection."),
  gauge("pulsebox_store_up", "1 while what is to be kept can be written, else 0."),
  counter("pulsebox_store_commits_total", "Commits to the data folder."),
  counter("pulsebox_store_failures_total", "Commits that failed."),
  counter("pulsebox_history_dropped_total", "Entries of the history that could not be kept."),
  counter(
    "pulsebox_uptime_dropped_total",
    "Members and figures of uptime for which there was no room.",
  ),
  gauge("pulsebox_notifications_waiting", "Notifications that are not delivered yet."),
  counter("pulsebox_notifications_total", "Attempts to deliver a notification, by result."),
  counter("pulsebox_notifications_dropped_total", "Notifications that were given up."),
  counter("pulsebox_actions_total", "Commands for lost members, by result."),
  gauge("process_resident_memory_bytes", "Resident memory size in bytes."),
  gauge("process_heap_bytes", "Bytes of the JavaScript heap that are in use."),
  counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds."),
  gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds."),

  gauge("hilbert_applications", "Applications that the heartbeat role knows."),
  counter("hilbert_requests_total", "Requests by command; invalid and unknown got a 400."),
  counter("hilbert_misuses_total", "Harmless misuse by applications."),
  counter("hilbert_refusals_total", "New applications that were not taken, by limit."),
  counter("hilbert_methods_refused_total", "Requests with a method that is not for this protocol."),
  counter("hilbert_preflights_total", "Preflight requests of browsers."),

  gauge("tix_clients", "Registered clients."),
  gauge("tix_client_addresses", "Addresses of registered clients."),
  gauge("tix_receive_buffer_bytes", "Size of the first socket's receive buffer."),
  counter("tix_pings_total", "Pings sent."),
  counter("tix_registrations_total", "Datagrams received, by result."),
  counter("tix_expired_total", "Clients whose lease ended in silence."),
  counter("tix_dropped_total", "Clients given up because they could not be sent to."),
  counter("tix_unconfirmed_total", "Clients given up because they were heard only once."),
  counter("tix_send_errors_total", "Pings that could not be sent, by error."),
  counter("tix_receive_errors_total", "Failures to receive, by error."),
  counter("tix_ticks_skipped_total", "Turns that were left out because they came too late."),
  histogram("tix_tick_late_seconds", "How late each turn began."),
  histogram("tix_tick_duration_seconds", "How long each turn took."),

  gauge("hev_link_up", "1 while values come from the controller, else 0."),
  counter("hev_values_total", "Payloads with values or alarms that were taken."),
  counter("hev_payloads_total", "Payloads that the source delivered."),
  counter("hev_alarms_raised_total", "Alarms raised."),
  gauge("hev_alarms_listed", "Alarms that are told to clients now."),
  gauge("hev_clients", "Clients of both broadcast ports."),
  counter("hev_packets_sent_total", "Packets handed to clients; each client counts."),
  counter("hev_packets_dropped_total", "Packets that a client was too slow for."),
  counter("hev_requests_total", "Requests on the query port, by answer."),
  gauge("hev_recording_skipped", "Records or lines of the recording that cannot be played."),
  counter("hev_serial_opened_total", "How often the serial port was opened."),
  counter("hev_serial_noise_bytes_total", "Bytes that belong to no frame."),
  counter("hev_serial_unusable_payloads_total", "Frames whose payload is not known."),
  counter("hev_serial_commands_total", "Commands to the controller, by result."),

  gauge("mlf_clients", "Game clients by state."),
  counter("mlf_heartbeats_total", "Heartbeats by result."),
  counter("mlf_timebombs_total", "Clients whose timebomb went off."),
  counter("mlf_state_changes_total", "State changes by cause."),
  counter("mlf_reconnects_total", "Clients that came back."),
  counter("mlf_reminders_total", "States that were told again."),
  counter("mlf_refused_reports_total", "Messages of clients over ZeroMQ that changed nothing."),
  gauge("mlf_zmq_peers", "ZeroMQ peers by side."),
  counter("mlf_zmq_messages_total", "ZeroMQ messages by direction; each subscriber counts."),
  counter("mlf_zmq_requests_total", "ZeroMQ requests."),
  counter(
    "mlf_zmq_refused_total",
    "ZeroMQ messages that only the server, or certain publishers, may send.",
  ),
  counter("mlf_zmq_dropped_total", "ZeroMQ messages that a peer was too slow for."),
  counter("mlf_zmq_violations_total", "ZeroMQ peers that broke the protocol."),

  gauge("fleet_link_up", "1 while a broker of the fleet is reached, else 0."),
  gauge("fleet_deaf", "1 while this host does not hear the fleet, else 0."),
  counter("fleet_beats_sent_total", "Beats that this host sent to the fleet."),
  counter("fleet_documents_sent_total", "Documents that this host sent to the fleet."),
  counter("fleet_messages_refused_total", "Messages of the fleet that were not used, by reason."),
];
