#include "timeline.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace jx::cases {
namespace {

struct Quoted {
  std::string en, zh;
};

Quoted quoted(const Node* node) {
  if (node == nullptr) return {};
  const auto text = [&](std::string_view language) { return std::string(node->name.empty() ? std::string_view(node->id) : node->name.in(language)); };
  return {"\"" + text("en") + "\"", "“" + text("zh-CN") + "”"};
}

Quoted outcome(const Node* node, std::string_view key) {
  if (node != nullptr) {
    for (const auto& o : node->outcomes) {
      if (o.key == key && !o.name.empty()) return {std::string(o.name.in("en")), std::string(o.name.in("zh-CN"))};
    }
  }
  return {std::string(key), std::string(key)};
}

/// Of an opinion that another unit gave.
Quoted opinion(std::string_view key) {
  if (key == "agree") return {"agree", "同意"};
  if (key == "disagree") return {"disagree", "不同意"};
  return {"no comment", "无意见"};
}

/// A reason or note after what it is about; nothing if there is none.
Quoted with(std::string_view detail) { return detail.empty() ? Quoted{".", "。"} : Quoted{": " + std::string(detail), "：" + std::string(detail)}; }

/// Of what people do with a task beside deciding it.
Words words_of_work(Happened kind, const Quoted& q, const Node* node, std::string_view detail) {
  const Quoted d = with(detail);
  switch (kind) {
    case Happened::delegated: return {q.en + " was given to a colleague to prepare" + d.en, q.zh + "已委派同事代拟" + d.zh};
    case Happened::delegation_answered: {
      const Quoted o = outcome(node, detail);
      return {q.en + " was prepared" + with(o.en).en, q.zh + "已代拟" + with(o.zh).zh};
    }
    case Happened::task_returned: return {q.en + " was sent back to an earlier step" + d.en, q.zh + "已退回前一环节" + d.zh};
    case Happened::opinion_asked: return {"An opinion on " + q.en + " was asked" + d.en, "就" + q.zh + "征求意见" + d.zh};
    case Happened::opinion_given:
      return {"The opinion on " + q.en + ": " + opinion(detail).en + ".", "对" + q.zh + "的意见：" + opinion(detail).zh + "。"};
    case Happened::side_withdrawn: return {"A request about " + q.en + " was withdrawn" + d.en, "关于" + q.zh + "的请求已撤回" + d.zh};
    case Happened::participant_added: return {"A participant was brought in for " + q.en + d.en, "已就" + q.zh + "增加参与方" + d.zh};
    case Happened::contribution_given: return {"The participant in " + q.en + " has answered.", q.zh + "的参与方已答复。"};
    case Happened::urged: return {q.en + " was urged" + d.en, q.zh + "被催办" + d.zh};
    case Happened::commented:
      return {node == nullptr ? "A comment was made." : "A comment on " + q.en + " was made.", node == nullptr ? "有新批注。" : q.zh + "有新批注。"};
    case Happened::withdrawn: return {"The applicant withdrew" + d.en, "申请人已撤回申请" + d.zh};
    case Happened::side_closed: return {"A request about " + q.en + " is no longer needed.", "关于" + q.zh + "的请求不再需要答复。"};
    case Happened::side_claimed: return {"A request about " + q.en + " was taken on.", "关于" + q.zh + "的请求已领取。"};
    case Happened::side_released: return {"A request about " + q.en + " was given back" + d.en, "关于" + q.zh + "的请求已退回待领" + d.zh};
    case Happened::side_handed_over: return {"A request about " + q.en + " was handed over" + d.en, "关于" + q.zh + "的请求已移交" + d.zh};
    case Happened::supplement_asked: return {"A supplement is asked for " + q.en + d.en, q.zh + "需要补正" + d.zh};
    case Happened::supplement_given: return {"The applicant has supplemented " + q.en + ".", "申请人已就" + q.zh + "补正。"};
    case Happened::supplement_withdrawn: return {"The supplement for " + q.en + " is no longer asked" + d.en, q.zh + "的补正通知已撤回" + d.zh};
    default: return {};
  }
}

Quoted reason(std::string_view key) {
  if (key == "supplement") return {"waiting for a supplement", "等待补正材料"};
  if (key == "payment") return {"waiting for the fee", "等待缴费"};
  if (key == "hearing") return {"hearing", "听证"};
  if (key == "expert-review") return {"expert review", "专家评审"};
  if (key == "force-majeure") return {"force majeure", "不可抗力"};
  return {"other", "其他"};
}

/// `image/jpeg`, line feed, octets.
Quoted file(std::string_view detail) {
  const auto line = detail.find('\n');
  const auto media = detail.substr(0, line);
  const std::string kind(media.starts_with("image/") ? "picture" : "document");
  std::uint64_t octets = 0;
  if (line != std::string_view::npos) std::from_chars(detail.data() + line + 1, detail.data() + detail.size(), octets);
  const auto size = std::to_string((octets + 1023) / 1024);
  return {kind + ", " + size + " KiB", (kind == "picture" ? "图片，" : "文档，") + size + "KB"};
}

Quoted ending(std::string_view state) {
  if (state == "approved") return {"approved", "准予"};
  if (state == "refused") return {"refused", "不予批准"};
  if (state == "withdrawn") return {"withdrawn", "已撤回"};
  return {"ended", "办结"};
}

template <std::size_t N>
std::array<std::string, N> lines(std::string_view text) {
  std::array<std::string, N> parts;
  for (auto& one : parts) {
    const auto cut = std::min(text.find('\n'), text.size());
    one = text.substr(0, cut);
    text.remove_prefix(std::min(cut + 1, text.size()));
  }
  return parts;
}

}  // namespace

std::string_view name(Happened kind) {
  switch (kind) {
    case Happened::opened: return "opened";
    case Happened::task_created: return "task_created";
    case Happened::task_claimed: return "task_claimed";
    case Happened::task_released: return "task_released";
    case Happened::task_handed_over: return "task_handed_over";
    case Happened::task_completed: return "task_completed";
    case Happened::task_cancelled: return "task_cancelled";
    case Happened::decided: return "decided";
    case Happened::service_done: return "service_done";
    case Happened::paused: return "paused";
    case Happened::resumed: return "resumed";
    case Happened::incident: return "incident";
    case Happened::retried: return "retried";
    case Happened::message_received: return "message_received";
    case Happened::timer_fired: return "timer_fired";
    case Happened::ended: return "ended";
    case Happened::signal_received: return "signal_received";
    case Happened::continued: return "continued";
    case Happened::deadline_moved: return "deadline_moved";
    case Happened::term_begun: return "term_begun";
    case Happened::term_extended: return "term_extended";
    case Happened::delegated: return "delegated";
    case Happened::delegation_answered: return "delegation_answered";
    case Happened::task_returned: return "task_returned";
    case Happened::opinion_asked: return "opinion_asked";
    case Happened::opinion_given: return "opinion_given";
    case Happened::side_withdrawn: return "side_withdrawn";
    case Happened::participant_added: return "participant_added";
    case Happened::contribution_given: return "contribution_given";
    case Happened::urged: return "urged";
    case Happened::commented: return "commented";
    case Happened::withdrawn: return "withdrawn";
    case Happened::side_closed: return "side_closed";
    case Happened::side_claimed: return "side_claimed";
    case Happened::side_released: return "side_released";
    case Happened::side_handed_over: return "side_handed_over";
    case Happened::supplement_asked: return "supplement_asked";
    case Happened::supplement_given: return "supplement_given";
    case Happened::supplement_withdrawn: return "supplement_withdrawn";
    case Happened::reminded: return "reminded";
    case Happened::escalated: return "escalated";
    case Happened::overdue: return "overdue";
    case Happened::acted_for: return "acted_for";
    case Happened::migrated: return "migrated";
    case Happened::done_by_hand: return "done_by_hand";
    case Happened::skipped: return "skipped";
    case Happened::incident_noted: return "incident_noted";
    case Happened::attachment_added: return "attachment_added";
    case Happened::attachment_removed: return "attachment_removed";
    case Happened::attachments_filed: return "attachments_filed";
    case Happened::attachments_erased: return "attachments_erased";
    case Happened::attachments_shown: return "attachments_shown";
    case Happened::posted: return "posted";
    case Happened::handed_out: return "handed_out";
    case Happened::fee_due: return "fee_due";
    case Happened::fee_paid: return "fee_paid";
    case Happened::result_ready: return "result_ready";
  }
  return "unknown";
}

bool is_pause_reason(std::string_view key) {
  return key == "supplement" || key == "hearing" || key == "expert-review" || key == "force-majeure" || key == "other";
}

bool is_standing_reason(std::string_view key) { return key == "payment" || is_pause_reason(key); }
bool waits_for_applicant_by(std::string_view reason) { return reason == "supplement" || reason == "payment"; }

Words reason_words(std::string_view key) {
  auto words = reason(key);
  return {std::move(words.en), std::move(words.zh)};
}

bool is_inside(Happened kind) {
  switch (kind) {
    case Happened::delegated:
    case Happened::delegation_answered:
    case Happened::opinion_asked:
    case Happened::opinion_given:
    case Happened::side_withdrawn:
    case Happened::participant_added:
    case Happened::attachments_shown:
    case Happened::contribution_given:
    case Happened::commented:
    case Happened::side_closed:
    case Happened::side_claimed:
    case Happened::side_released:
    case Happened::side_handed_over: return true;
    default: return false;
  }
}

/// What an office hands over, and what it asks for it.
static Words words_of_result(Happened kind, std::string_view detail) {
  const auto parts = lines<3>(detail);
  switch (kind) {
    case Happened::posted:
      return {"The result was posted with " + parts[0] + ", number " + parts[2] + ".", "办理结果已交寄：" + parts[1] + "，单号" + parts[2] + "。"};
    case Happened::result_ready: return {"The result can be collected.", "办理结果可以领取。"};
    case Happened::handed_out: return {"The result was collected.", "办理结果已领取。"};
    case Happened::fee_due: return {"A fee is due: " + parts[0] + ".", "应缴费用：" + parts[0] + "。"};
    default: return {"The fee was paid: " + parts[0] + ", receipt " + parts[1] + ".", "已缴费：" + parts[0] + "，票据号" + parts[1] + "。"};
  }
}

Words words_of(Happened kind, const Node* node, std::string_view detail) {
  const Quoted q = quoted(node);
  const std::string d(detail);
  switch (kind) {
    case Happened::opened: return {"Received.", "已收件。"};
    case Happened::task_created: return {q.en + " has begun.", q.zh + "开始办理。"};
    case Happened::task_claimed: return {q.en + " was taken on.", q.zh + "已由经办人领取。"};
    case Happened::task_released: return {q.en + " was given back: " + d, q.zh + "已退回待领：" + d};
    case Happened::task_handed_over: return {q.en + " was handed over: " + d, q.zh + "已移交：" + d};
    case Happened::task_completed: {
      if (d.empty()) return {q.en + " is done.", q.zh + "已办理。"};
      const Quoted o = outcome(node, detail);
      return {q.en + " is done: " + o.en + ".", q.zh + "已办理：" + o.zh + "。"};
    }
    case Happened::task_cancelled: return {q.en + " is no longer needed.", q.zh + "不再需要办理。"};
    case Happened::decided: {  // why in English, line feed, in Chinese; of older cases the key of the decision
      const auto line = detail.find('\n');
      if (line == std::string_view::npos) return {q.en + " was decided by rule.", q.zh + "已按规则判定。"};
      return {q.en + " was decided by rule: " + std::string(detail.substr(0, line)), q.zh + "已按规则判定：" + std::string(detail.substr(line + 1))};
    }
    case Happened::service_done: return {q.en + " was carried out.", q.zh + "已自动办理。"};
    case Happened::paused: {
      const Quoted r = reason(detail.substr(0, detail.find('\n')));
      const std::string law = detail.find('\n') == std::string_view::npos ? "" : std::string(detail.substr(detail.find('\n') + 1));
      return {"The clock was stopped: " + r.en + " (" + law + ").", "已中止计时：" + r.zh + "（" + law + "）。"};
    }
    case Happened::resumed: return {"The clock runs again.", "已恢复计时。"};
    case Happened::incident: return {q.en + " could not be carried out; staff have been told.", q.zh + "未能自动办理，已通知工作人员。"};
    case Happened::retried: return {q.en + " is tried again.", q.zh + "已重新办理。"};
    case Happened::message_received: return {q.en + ": a message was received.", q.zh + "：已收到消息。"};
    case Happened::timer_fired: return {q.en + ": the time has come.", q.zh + "：时间已到。"};
    case Happened::ended: {
      const Quoted e = ending(detail);
      return {"Concluded: " + e.en + ".", "已办结：" + e.zh + "。"};
    }
    case Happened::signal_received: return {"A signal was received: " + d, "已收到信号：" + d};
    case Happened::migrated: return {"The case goes on under another version of its process.", "本办件改按新版流程继续办理。"};
    case Happened::continued: return {"Goes on.", "继续办理。"};
    case Happened::deadline_moved:
      if (d.empty()) return {"The calendar of holidays was changed: terms of steps were counted anew.", "节假日安排有调整，已重新计算环节期限。"};
      return {"The calendar of holidays was changed: the case is now due on " + d + ".", "节假日安排有调整，办结期限现为 " + d + "。"};
    case Happened::term_begun: return {"The term runs from today; it ends on " + d + ".", "期限自今日起计算，至 " + d + "。"};
    case Happened::term_extended: return {"The term was extended; it now ends on " + d + ".", "期限已延长，现至 " + d + "。"};
    case Happened::reminded: return {q.en + " is due on " + d + ": who has it was reminded.", q.zh + "将于 " + d + " 到期，已提醒经办人。"};
    case Happened::escalated:
      return {q.en + " was due on " + d + " and is late: the head was told.", q.zh + "应于 " + d + " 办理，已超期，已报告负责人。"};
    case Happened::overdue: return {q.en + " was due on " + d + " and is late.", q.zh + "应于 " + d + " 办理，已超期。"};
    case Happened::acted_for: {
      const auto names = lines<4>(detail);  // who and for whom, in English and in Chinese
      return {q.en + ": " + names[0] + " for " + names[1] + ".", q.zh + "：" + names[2] + "代" + names[3] + "办理。"};
    }
    case Happened::done_by_hand: return {q.en + " was carried out by hand: " + d, q.zh + "已由人工办理：" + d};
    case Happened::skipped: return {q.en + " was left out: " + d, q.zh + "已跳过：" + d};
    case Happened::incident_noted: return {q.en + ": " + d, q.zh + "：" + d};
    case Happened::attachment_added: {
      const Quoted f = file(detail);
      return {"A file was added (" + f.en + ").", "已添加附件（" + f.zh + "）。"};
    }
    case Happened::attachment_removed: return {"A file was taken away: " + d, "已移除附件：" + d};
    case Happened::attachments_filed:
      return {d + (d == "1" ? " file was" : " files were") + " handed in with the application.", "随申请提交附件" + d + "份。"};
    case Happened::attachments_erased: return {"The files were erased for good (" + d + ").", "附件已永久清除（" + d + "）。"};
    case Happened::attachments_shown:
      return {d + (d == "1" ? " file was" : " files were") + " shown to who contributes.", "已向协办方提供附件" + d + "份。"};
    case Happened::posted:
    case Happened::handed_out:
    case Happened::fee_due:
    case Happened::result_ready:
    case Happened::fee_paid: return words_of_result(kind, detail);
    default: return words_of_work(kind, q, node, detail);
  }
}

}  // namespace jx::cases
