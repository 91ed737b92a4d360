// second-version.mjs - the process of a small restaurant as a county may change it: the materials are checked before the permit is examined.
const check = `
    <userTask id="material-check" name="材料核对" jx:unit="market-regulation" jx:post="market-regulation/food-permit-clerk" jx:term="2 WD">
      <extensionElements>
        <jx:name lang="en">Check of materials</jx:name>
        <jx:outcome key="complete"><jx:name lang="zh-CN">齐全</jx:name><jx:name lang="en">Complete</jx:name></jx:outcome>
      </extensionElements>
      <incoming>to-food</incoming>
      <outgoing>to-permit</outgoing>
    </userTask>
    <sequenceFlow id="to-permit" sourceRef="material-check" targetRef="food-permit"/>
`
const drawn = `
      <bpmndi:BPMNShape id="shape-material-check" bpmnElement="material-check"><dc:Bounds x="520" y="80" width="120" height="80"/></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="edge-to-permit" bpmnElement="to-permit"><di:waypoint x="640" y="120"/><di:waypoint x="700" y="120"/></bpmndi:BPMNEdge>
`
const room = 180 // for it, before everything from here on
const from = 500

export const second_version = (bpmn) =>
  bpmn
    .replace(/ x="(\d+)"/g, (_, x) => ` x="${Number(x) < from ? x : Number(x) + room}"`)
    .replace(/(bpmnElement="to-food">.*<di:waypoint x=")700/, '$1520')
    .replace('id="to-food" sourceRef="split" targetRef="food-permit"/>', `id="to-food" sourceRef="split" targetRef="material-check"/>${check}`)
    .replace(/(<userTask id="food-permit"[\s\S]*?<incoming>)to-food/, '$1to-permit')
    .replace('<bpmndi:BPMNShape id="shape-food-permit"', `${drawn}      <bpmndi:BPMNShape id="shape-food-permit"`)
