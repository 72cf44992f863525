/**
 * The files of the page, as they stand in the source.
 *
 * @module
 */

import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import messageOf from "../core/message_of.ts" with { type: "text" };
import nameOrder from "../core/name_order.ts" with { type: "text" };
import phrase from "../core/phrase.ts" with { type: "text" };
import verdictTexts from "../core/verdict_texts.ts" with { type: "text" };
import visible from "../core/visible.ts" with { type: "text" };
import acknowledgeDialog from "./page/acknowledge_dialog.ts" with { type: "text" };
import actionButton from "./page/action_button.ts" with { type: "text" };
import alertsStyle from "./page/alerts.css" with { type: "text" };
import alarmRows from "./page/alarm_rows.ts" with { type: "text" };
import api from "./page/api.ts" with { type: "text" };
import attention from "./page/attention.ts" with { type: "text" };
import copy from "./page/copy.ts" with { type: "text" };
import dom from "./page/dom.ts" with { type: "text" };
import exhibitGroup from "./page/exhibit_group.ts" with { type: "text" };
import exhibitRow from "./page/exhibit_row.ts" with { type: "text" };
import exhibits from "./page/exhibits.ts" with { type: "text" };
import fleetStyle from "./page/fleet.css" with { type: "text" };
import fleet from "./page/fleet.ts" with { type: "text" };
import fleetWords from "./page/fleet_words.ts" with { type: "text" };
import flurry from "./page/flurry.ts" with { type: "text" };
import forgetDialog from "./page/forget_dialog.ts" with { type: "text" };
import gameRules from "./page/game_rules.ts" with { type: "text" };
import gamesStyle from "./page/games.css" with { type: "text" };
import games from "./page/games.ts" with { type: "text" };
import glide from "./page/glide.ts" with { type: "text" };
import groupCard from "./page/group_card.ts" with { type: "text" };
import headsetRow from "./page/headset_row.ts" with { type: "text" };
import history from "./page/history.ts" with { type: "text" };
import hostTime from "./page/host_time.ts" with { type: "text" };
import instrument from "./page/instrument.ts" with { type: "text" };
import instrumentStyle from "./page/instrument.css" with { type: "text" };
import keyedList from "./page/keyed_list.ts" with { type: "text" };
import cardsStyle from "./page/cards.css" with { type: "text" };
import controlsStyle from "./page/controls.css" with { type: "text" };
import silenceStyle from "./page/silence.css" with { type: "text" };
import stripStyle from "./page/strip.css" with { type: "text" };
import listPhoneStyle from "./page/list_phone.css" with { type: "text" };
import listStyle from "./page/list.css" with { type: "text" };
import live from "./page/live.ts" with { type: "text" };
import lostTogether from "./page/lost_together.ts" with { type: "text" };
import login from "./page/login.ts" with { type: "text" };
import loginStyle from "./page/login.css" with { type: "text" };
import main from "./page/main.ts" with { type: "text" };
import newsStyle from "./page/news.css" with { type: "text" };
import night from "./page/night.ts" with { type: "text" };
import memberActions from "./page/member_actions.ts" with { type: "text" };
import memberOrder from "./page/member_order.ts" with { type: "text" };
import memberPanel from "./page/member_panel.ts" with { type: "text" };
import memberWords from "./page/member_words.ts" with { type: "text" };
import membersModel from "./page/members_model.ts" with { type: "text" };
import newsClock from "./page/news_clock.ts" with { type: "text" };
import newsAge from "./page/news_age.ts" with { type: "text" };
import pageTurner from "./page/page_turner.ts" with { type: "text" };
import pageAlerts from "./page/page_alerts.ts" with { type: "text" };
import outagesReport from "./page/outages_report.ts" with { type: "text" };
import outagesTable from "./page/outages_table.ts" with { type: "text" };
import panelStyle from "./page/panel.css" with { type: "text" };
import panelPictures from "./page/panel_pictures.ts" with { type: "text" };
import panelTime from "./page/panel_time.ts" with { type: "text" };
import partsStyle from "./page/parts.css" with { type: "text" };
import pauseDialog from "./page/pause_dialog.ts" with { type: "text" };
import printStyle from "./page/print.css" with { type: "text" };
import question from "./page/question.ts" with { type: "text" };
import reload from "./page/reload.ts" with { type: "text" };
import reportStyle from "./page/report.css" with { type: "text" };
import rowMenu from "./page/row_menu.ts" with { type: "text" };
import rowFiller from "./page/row_filler.ts" with { type: "text" };
import say from "./page/say.ts" with { type: "text" };
import selection from "./page/selection.ts" with { type: "text" };
import sharedStream from "./page/shared_stream.ts" with { type: "text" };
import svg from "./page/svg.ts" with { type: "text" };
import silence from "./page/silence.ts" with { type: "text" };
import signs from "./page/signs.ts" with { type: "text" };
import speech from "./page/speech.ts" with { type: "text" };
import strip from "./page/strip.ts" with { type: "text" };
import stripScale from "./page/strip_scale.ts" with { type: "text" };
import style from "./page/style.css" with { type: "text" };
import tagsDialog from "./page/tags_dialog.ts" with { type: "text" };
import telling from "./page/telling.ts" with { type: "text" };
import textsDe from "./page/texts_de.ts" with { type: "text" };
import textsEn from "./page/texts_en.ts" with { type: "text" };
import tabsStyle from "./page/tabs.css" with { type: "text" };
import tiles from "./page/tiles.ts" with { type: "text" };
import tilesStyle from "./page/tiles.css" with { type: "text" };
import todaysOutages from "./page/todays_outages.ts" with { type: "text" };
import topBar from "./page/top_bar.ts" with { type: "text" };
import trigger from "./page/trigger.ts" with { type: "text" };
import triggerWords from "./page/trigger_words.ts" with { type: "text" };
import twoTones from "./page/two_tones.ts" with { type: "text" };
import urlState from "./page/url_state.ts" with { type: "text" };
import verdictStyle from "./page/verdict.css" with { type: "text" };
import verdictBand from "./page/verdict_band.ts" with { type: "text" };
import wall from "./page/wall.ts" with { type: "text" };
import wallStyle from "./page/wall.css" with { type: "text" };
import wallGrid from "./page/wall_grid.ts" with { type: "text" };
import wallWords from "./page/wall_words.ts" with { type: "text" };
import waveBuffer from "./page/wave_buffer.ts" with { type: "text" };
import wavePlot from "./page/wave_plot.ts" with { type: "text" };
import words from "./page/words.ts" with { type: "text" };

/** The page's own modules by name. */
export const PAGE_MODULES: Readonly<Record<string, string>> = {
  acknowledge_dialog: acknowledgeDialog,
  action_button: actionButton,
  alarm_rows: alarmRows,
  api,
  attention,
  copy,
  dom,
  exhibit_group: exhibitGroup,
  exhibit_row: exhibitRow,
  exhibits,
  fleet,
  fleet_words: fleetWords,
  flurry,
  forget_dialog: forgetDialog,
  game_rules: gameRules,
  games,
  glide,
  group_card: groupCard,
  headset_row: headsetRow,
  history,
  host_time: hostTime,
  instrument,
  keyed_list: keyedList,
  live,
  login,
  lost_together: lostTogether,
  main,
  member_actions: memberActions,
  member_order: memberOrder,
  member_panel: memberPanel,
  member_words: memberWords,
  members_model: membersModel,
  news_age: newsAge,
  night,
  page_alerts: pageAlerts,
  page_turner: pageTurner,
  news_clock: newsClock,
  outages_report: outagesReport,
  outages_table: outagesTable,
  panel_pictures: panelPictures,
  panel_time: panelTime,
  pause_dialog: pauseDialog,
  question,
  reload,
  row_filler: rowFiller,
  row_menu: rowMenu,
  say,
  selection,
  shared_stream: sharedStream,
  svg,
  signs,
  silence,
  speech,
  strip,
  strip_scale: stripScale,
  tags_dialog: tagsDialog,
  telling,
  texts_de: textsDe,
  texts_en: textsEn,
  tiles,
  todays_outages: todaysOutages,
  top_bar: topBar,
  trigger,
  trigger_words: triggerWords,
  two_tones: twoTones,
  url_state: urlState,
  verdict_band: verdictBand,
  wall,
  wall_grid: wallGrid,
  wall_words: wallWords,
  wave_buffer: waveBuffer,
  wave_plot: wavePlot,
  words,
};

/** Modules of the core that the page uses too. */
export const CORE_MODULES: Readonly<Record<string, string>> = {
  message_of: messageOf,
  name_order: nameOrder,
  phrase,
  verdict_texts: verdictTexts,
  visible,
};

/** The page's style sheets, in the order in which they add up. */
export const PAGE_STYLES: readonly string[] = [
  style,
  tabsStyle,
  controlsStyle,
  verdictStyle,
  newsStyle,
  cardsStyle,
  listStyle,
  listPhoneStyle,
  stripStyle,
  tilesStyle,
  silenceStyle,
  panelStyle,
  partsStyle,
  gamesStyle,
  instrumentStyle,
  alertsStyle,
  printStyle,
];

/** Style sheets of their own, by the names under which they are sent. */
export const OTHER_STYLES: Readonly<Record<string, string>> = {
  "fleet.css": fleetStyle,
  "login.css": loginStyle,
  "report.css": reportStyle,
  "wall.css": [wallStyle, newsStyle].join("\n"),
};

/** What the instrument needs. */
export const PLOT_FILES = { script: uplotScript, style: uplotStyle } as const;
