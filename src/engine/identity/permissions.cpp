#include <jx/identity/access.hpp>

#include <algorithm>
#include <array>

namespace jx::identity {
namespace {

// Sorted by key. A new operation adds its permission here, beside its power, so that the three powers can be seen in one place.
const std::array list{
    Permission{"accounts.confirm",
               Power::none,
               {"Open the account that somebody asked for, once one has seen her document", "核验证件，开通群众注册的账号"}},
    Permission{"accounts.manage", Power::grant_rights, {"Open, disable and reset accounts", "管理账号"}},
    Permission{"audit.read", Power::audit, {"Read all ledger entries, usage records and sign-ins", "查阅全部审计记录"}},
    Permission{"cases.handle", Power::none, {"Work on the tasks of one's post", "办理本岗任务"}},
    Permission{"cases.manage", Power::none, {"Resolve incidents and migrate cases", "处理异常、迁移案件"}},
    Permission{"cases.message", Power::none, {"Send messages and signals to cases from outside", "向办件发送外部消息和信号"}},
    Permission{"cases.read", Power::none, {"Read cases", "查阅案件"}},
    Permission{"cases.read_own", Power::none, {"Read one's own cases", "查阅本人案件"}},
    Permission{"cases.supervise", Power::none, {"See all cases of the unit, reassign and urge", "督办案件"}},
    Permission{"catalogue.edit", Power::none, {"Prepare catalogue entries", "编制数据目录"}},
    Permission{"catalogue.publish", Power::none, {"Review and publish catalogue entries", "审核发布数据目录"}},
    Permission{"catalogue.read", Power::none, {"Read the data catalogue", "查阅数据目录"}},
    Permission{"certificates.issue", Power::none, {"Issue certificates", "签发证照"}},
    Permission{"certificates.revoke", Power::none, {"Revoke certificates", "注销证照"}},
    Permission{"dashboard.read", Power::none, {"See the county's figures", "查看全县总览"}},
    Permission{"decisions.read", Power::none, {"Read decisions and rules", "查阅规则"}},
    Permission{"exchange.approve", Power::none, {"Approve requests for one's unit's data", "审批数据共享申请"}},
    Permission{"exchange.call", Power::none, {"Read shared data through a grant", "依授权调用数据"}},
    Permission{"exchange.request", Power::none, {"Request data of another unit", "申请数据共享"}},
    Permission{"exchange.suspend", Power::none, {"Suspend grants of one's unit's data", "暂停数据授权"}},
    Permission{"identity.read", Power::none, {"Read units, posts and who holds them", "查阅机构与岗位"}},
    Permission{"inspections.carry_out", Power::none, {"Carry out inspections", "开展检查"}},
    Permission{"pack.apply", Power::configure, {"Apply a pack", "应用配置包"}},
    Permission{"pack.read", Power::none, {"Read the applied pack", "查阅配置包"}},
    Permission{"reviews.read", Power::none, {"Read what people think of one's unit and those below", "查看本单位及下属单位的评价"}},
    Permission{"reviews.take", Power::none, {"Take a caller's review of a matter, by its number", "登记来电人的评价"}},
    Permission{"rights.grant", Power::grant_rights, {"Give and end posts, stand-ins and mandates", "授予和终止岗位、代理与授权"}},
    Permission{"services.accept_for_others", Power::none, {"Take applications at the counter", "窗口代为受理"}},
    Permission{"services.apply", Power::none, {"Apply for services", "申请办事"}},
    Permission{"system.configure", Power::configure, {"Change how the program runs", "配置系统"}},
    Permission{"usage.read_own", Power::none, {"See who read one's own data", "查阅本人数据被使用情况"}},
    Permission{"usage.read_unit", Power::none, {"See who read one's unit's data", "查阅本单位数据被使用情况"}},
};

}  // namespace

std::span<const Permission> permissions() { return list; }

const Permission* permission(std::string_view key) {
  const auto found = std::ranges::lower_bound(list, key, {}, &Permission::key);
  return found != list.end() && found->key == key ? &*found : nullptr;
}

Words power_name(Power power) {
  switch (power) {
    case Power::none: return {"no power", "无"};
    case Power::configure: return {"configuring", "系统配置"};
    case Power::grant_rights: return {"granting rights", "权限授予"};
    case Power::audit: return {"auditing", "安全审计"};
  }
  return {};
}

}  // namespace jx::identity
