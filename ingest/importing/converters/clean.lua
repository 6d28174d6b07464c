-- clean: of a document what its readers read, as plain markdown. Run by pandoc, in its sandbox.
--
-- The first line of the output is `@title`, and behind it what the document is called. No image, no HTML, no address that
-- could run, no attributes; a table has one line a row.

local MAX_OUTPUT_LINES, MAX_OUTPUT_CHARS = 40, 4000
local MAX_COLUMNS = 200

local ending = (PANDOC_STATE.input_files[1] or ""):match("%.(%w+)$") or ""
local first_heading = nil

local function markdown(blocks)
  local options = pandoc.WriterOptions { wrap_text = "wrap-none", columns = 100000 }
  return pandoc.write(pandoc.Pandoc(blocks), { format = "gfm", extensions = { raw_html = false } }, options)
end

local function is_safe(target)
  local scheme = target:match("^%s*([%w+.-]+):")
  return scheme == nil or scheme == "http" or scheme == "https" or scheme == "mailto"
end

local function cut(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    if #lines >= MAX_OUTPUT_LINES then
      lines[#lines + 1] = "..."
      break
    end
    lines[#lines + 1] = line
  end
  local joined = table.concat(lines, "\n")
  if #joined > MAX_OUTPUT_CHARS then
    joined = joined:sub(1, utf8.offset(joined, 0, MAX_OUTPUT_CHARS) - 1) .. "\n..."
  end
  return joined
end

local function cell_text(cell)
  local inlines = pandoc.utils.blocks_to_inlines(cell.contents, { pandoc.Space() })
  if #inlines == 0 then
    return ""
  end
  local spoken = {}
  for place, inline in ipairs(inlines) do
    if inline.t == "Str" and not inline.text:find("[^%w%.,:;%%()/\128-\255]") then
      spoken[place] = inline.text
    elseif inline.t == "Space" or inline.t == "SoftBreak" then
      spoken[place] = " "
    else
      break
    end
  end
  if #spoken == #inlines then -- plain words need no writer, which a table of many cells would wait for
    return table.concat(spoken)
  end
  return (markdown({ pandoc.Plain(inlines) }):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""):gsub("\\|", "|"):gsub("|", "\\|"))
end

-- The cells of the rows as text; one that spans columns or rows is repeated, as a row is quoted alone.
local function grid(rows)
  local lines, below = {}, {}
  for number, row in ipairs(rows) do
    local line, column = {}, 1
    local function fill()
      while below[column] do
        line[column] = below[column].text
        below[column].left = below[column].left - 1
        if below[column].left == 0 then
          below[column] = nil
        end
        column = column + 1
      end
    end
    for _, cell in ipairs(row.cells) do
      fill()
      local text = cell_text(cell)
      for _ = 1, math.min(cell.col_span, MAX_COLUMNS) do
        if column > MAX_COLUMNS then
          break
        end
        line[column] = text
        if cell.row_span > 1 then
          below[column] = { text = text, left = math.min(cell.row_span - 1, #rows - number) }
          if below[column].left < 1 then
            below[column] = nil
          end
        end
        column = column + 1
      end
    end
    fill()
    lines[#lines + 1] = line
  end
  return lines
end

local function is_layout(rows)
  local columns = 0
  for _, row in ipairs(rows) do
    columns = math.max(columns, #row.cells)
    for _, cell in ipairs(row.cells) do
      for _, block in ipairs(cell.contents) do
        if block.t == "Table" or block.t == "Header" then
          return true
        end
      end
    end
  end
  return columns < 2
end

local function written_table(one)
  local rows = pandoc.List()
  rows:extend(one.head.rows)
  for _, body in ipairs(one.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  rows:extend(one.foot.rows)
  local caption = one.caption.long
  if #rows == 0 then
    return caption
  end
  if is_layout(rows) then
    local blocks = pandoc.List(caption)
    for _, row in ipairs(rows) do
      for _, cell in ipairs(row.cells) do
        blocks:extend(cell.contents)
      end
    end
    return blocks
  end
  local lines, columns = grid(rows), 0
  for _, line in ipairs(lines) do
    columns = math.max(columns, #line)
  end
  local written = {}
  for number, line in ipairs(lines) do
    for column = 1, columns do
      line[column] = line[column] or ""
    end
    if number == 1 then
      for column = 1, columns do
        line[column] = line[column]:gsub("^%*%*([^*]*)%*%*$", "%1")
      end
    end
    written[#written + 1] = "| " .. table.concat(line, " | ") .. " |"
    if number == 1 then
      written[#written + 1] = "|" .. ("---|"):rep(columns)
    end
  end
  local blocks = pandoc.List(caption)
  blocks:insert(pandoc.RawBlock("markdown", table.concat(written, "\n")))
  return blocks
end

local function code_block(block)
  -- A mark within code would be taken for one of ours.
  local text = block.text:gsub("<!%-%- (%a+ %d+) %-%->", "<!--%1-->")
  local language = block.classes[1] or ""
  if not language:match("^[%w+#.-]+$") then
    language = ""
  end
  return pandoc.CodeBlock(text, pandoc.Attr("", language ~= "" and { language } or {}))
end

local function of_output(div)
  return div.classes:includes("output")
end

-- A role of Sphinx, as `text <target>` or `~package.name`.
local function of_role(code)
  if not code.classes:includes("interpreted-text") then
    code.attr = pandoc.Attr()
    return code
  end
  local text = code.text:match("^(.-)%s*<[^<>]*>$") or code.text
  local role = code.attributes.role or ""
  if role == "ref" or role == "doc" or role == "term" or role == "guilabel" or role == "numref" then
    return pandoc.Str(text)
  end
  if text:sub(1, 1) == "~" then
    text = text:match("([^.]+)$")
  end
  return pandoc.Code(text)
end

local function described(list)
  local blocks = pandoc.List()
  for _, item in ipairs(list.content) do
    blocks:insert(pandoc.Para { pandoc.Strong(item[1]) })
    for _, definition in ipairs(item[2]) do
      blocks:extend(definition)
    end
  end
  return blocks
end

local drop_hidden = {
  Code = of_role,
  DefinitionList = described,
  Image = function(image)
    return image.caption
  end,
  Figure = function(figure)
    return figure.content:filter(function(block) return block.t ~= "Plain" or #block.content > 0 end)
  end,
  Div = function(div)
    if of_output(div) then
      return div:walk {
        CodeBlock = function(block) return pandoc.CodeBlock(cut(block.text)) end,
        RawBlock = function() return {} end,
      }.content
    end
    return div.content
  end,
  Span = function(span)
    return span.content
  end,
  Link = function(link)
    if link.target == "" or link.target:sub(1, 1) == "#" or not is_safe(link.target) then
      return link.content
    end
    if pandoc.utils.stringify(link.content) == "" then
      return {}
    end
    return pandoc.Link(link.content, link.target)
  end,
  Str = function(one)
    -- Signs that are there for the layout of a site, such as those of links to headings.
    local text = one.text:gsub("\u{200b}", ""):gsub("\u{ad}", "")
    if text ~= one.text then
      return text == "" and {} or pandoc.Str(text)
    end
  end,
  Underline = function(one) return one.content end,
  SmallCaps = function(one) return one.content end,
  Header = function(header)
    header.attr = pandoc.Attr()
    return header
  end,
  RawInline = function() return {} end,
}

local read_html = {
  RawBlock = function(raw)
    if raw.format:match("^html") then
      return pandoc.read(raw.text, "html").blocks
    end
    return {}
  end,
}

local write = { CodeBlock = code_block }

function Pandoc(doc)
  local title = pandoc.utils.stringify(doc.meta.title or "")
  doc = doc:walk(read_html):walk { RawBlock = function() return {} end }
  doc = doc:walk(drop_hidden):walk(write)
  doc:walk {
    Header = function(header)
      if not first_heading and header.level == 1 then
        first_heading = pandoc.utils.stringify(header.content)
      end
    end,
  }
  doc = doc:walk { Table = written_table }
  local spoken = (ending == "html" or ending == "htm") and first_heading or title
  if spoken == "" or not spoken then
    spoken = first_heading or title
  end
  doc.blocks:insert(1, pandoc.RawBlock("markdown", "@title " .. spoken:gsub("%s+", " ")))
  doc.meta = {}
  return doc
end
